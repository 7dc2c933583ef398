# Reads what Swift Testing printed. Says what failed, what was skipped and why, and counts them. Exit status 1 when a
# test failed, did not end, or none ran. Octets, not characters: every awk reads it the same with LC_ALL=C.

/^[^ ]+ Test case passing / { next }
/^[^ ]+ Test run (started|with [0-9]+ tests? )/ {
    if (/ (passed|failed) after /) ended = 1
    next
}
/^◇ Test .* started\.$/ {
    name = $0
    sub(/^[^ ]+ Test /, "", name)
    sub(/ started\.$/, "", name)
    running[name]++
    next
}
/^(✔|━|✘|➜) Test / {
    name = $0
    sub(/^[^ ]+ Test /, "", name)
    if (match(name, / (with [0-9]+ test cases? )?(passed|failed) after /)) {
        outcome = substr(name, RSTART, RLENGTH)
        name = substr(name, 1, RSTART - 1)
        running[name]--
        if (outcome ~ /passed/) passed++
        else failures[++failed] = name
    } else if (match(name, / (with [0-9]+ test cases? )?(skipped|was cancelled)/)) {
        reason = substr(name, RSTART + RLENGTH)
        name = substr(name, 1, RSTART - 1)
        if (running[name] > 0) running[name]--
        skipped++
        if (match(reason, /: "/)) {
            reason = substr(reason, RSTART + 3)
            sub(/"$/, "", reason)
        } else {
            reason = "no reason given"
        }
        if (!(reason in times)) reasons[++kinds] = reason
        times[reason]++
        skips[reason] = skips[reason] "\n      " name
    }
}

END {
    for (name in running) if (running[name] > 0) unfinished[++hung] = name
    if (hung) {
        print "== BEGAN AND NEVER ENDED:"
        for (i = 1; i <= hung; i++) print "      " unfinished[i]
    }
    if (failed) {
        print "== FAILED:"
        for (i = 1; i <= failed; i++) print "      " failures[i]
    }
    if (skipped) {
        print "== NOT TESTED HERE, " skipped (skipped == 1 ? " test:" : " tests:")
        for (i = 1; i <= kinds; i++) print "  " times[reasons[i]] " × " reasons[i] skips[reasons[i]]
    }
    if (!ended) print "== THE TEST RUN DID NOT COME TO ITS END."
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit !(ended && passed && !failed && !hung)
}
