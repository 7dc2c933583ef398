/* Whole-process times of several commands, run in turn: interleave ROUNDS : command arg... : command arg...
 *
 * A line for each command: median, minimum and 90th percentile in microseconds, and how many runs failed. The order
 * turns by one each round; three rounds before the first are not counted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { max_commands = 8, max_rounds = 1000, warm_up = 3 };

static double times[max_commands][max_rounds];
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

static int run(char **command) {
    int status;
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
    for (int round = -warm_up; round < rounds; round++) {
        for (int turn = 0; turn < known; turn++) {
            int which = (turn + round + warm_up) % known;
            double start = now();
            int status = run(commands[which]);
            if (round < 0) continue;
            times[which][round] = now() - start;
            failures[which] += status != 0;
        }
    }
    for (int i = 0; i < known; i++) {
        qsort(times[i], rounds, sizeof times[i][0], ascending);
        double middle = (times[i][(rounds - 1) / 2] + times[i][rounds / 2]) / 2;
        printf("%.0f %.0f %.0f %d\n", middle, times[i][0], times[i][(rounds - 1) * 9 / 10], failures[i]);
    }
    return 0;
}
