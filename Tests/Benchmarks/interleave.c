/* Whole-process times of several commands, run in turn: interleave ROUNDS : command arg... : command arg...
 *
 * A line for each command: the median of the time until the program has ended, the median of the time until every
 * process that it left behind has ended too, both in microseconds, and how many runs failed. The order turns by one each
 * round; three rounds before the first are not counted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { max_commands = 8, max_rounds = 1000, warm_up = 3 };

static double until_end[max_commands][max_rounds];
static double until_gone[max_commands][max_rounds];
static int failures[max_commands];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times, int count) {
    qsort(times, count, sizeof times[0], ascending);
    return (times[(count - 1) / 2] + times[count / 2]) / 2;
}

static int run(char **command, double *end, double *gone) {
    int status;
    double start = now();
    pid_t child = fork();
    if (child < 0) return -1;
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execvp(command[0], command);
        _exit(127);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    *end = now() - start;
    // What the program leaves behind is this process's child now.
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {}
    *gone = now() - start;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int count, char **words) {
    char **commands[max_commands];
    int known = 0, rounds = count > 1 ? atoi(words[1]) : 0;
    for (int i = 2; i < count; i++) {
        if (strcmp(words[i], ":") != 0) continue;
        words[i] = NULL;
        if (known < max_commands && i + 1 < count) commands[known++] = &words[i + 1];
    }
    if (rounds < 1 || rounds > max_rounds || known < 1) {
        fprintf(stderr, "usage: interleave ROUNDS : command arg... [: command arg...]...\n");
        return 2;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
    for (int round = -warm_up; round < rounds; round++) {
        for (int turn = 0; turn < known; turn++) {
            int which = (turn + round + warm_up) % known;
            double end = 0, gone = 0;
            int status = run(commands[which], &end, &gone);
            if (round < 0) continue;
            until_end[which][round] = end;
            until_gone[which][round] = gone;
            failures[which] += status != 0;
        }
    }
    for (int i = 0; i < known; i++) {
        printf("%.0f %.0f %d\n", median(until_end[i], rounds), median(until_gone[i], rounds), failures[i]);
    }
    return 0;
}
