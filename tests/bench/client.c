/* The cheapest client there is: one thread, epoll, OpenSSL. `tests.bench` compiles it and measures the probe against it.
 *
 * client PORT HTTP ROOTS COUNT...: so many connections at once to 127.0.0.1:PORT, number N with the SNI sN.contoso.com, each
 * verified against the PEM file ROOTS; HTTP 1: with a request and its answer. A second COUNT: whenever one of the first has come to
 * its end, another begins in its place, so many in all, and so on. It prints the seconds of CPU and of time that they took, the
 * connections that came to their end, those whose chain was verified, and OpenSSL's version.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum step { SHAKING, ASKING, ENDED };

struct connection {
    int fd;
    SSL *tls;
    enum step step;
    int round;
    size_t got;
    char answer[4096];
};

enum { MOST_ROUNDS = 8 };

static int with_http, ended, verified, port, epoll, started, rounds, counts[MOST_ROUNDS];
static SSL_CTX *tls;
static struct connection *all;

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double passed(void) {
    struct timespec it;
    clock_gettime(CLOCK_MONOTONIC, &it);
    return it.tv_sec + it.tv_nsec / 1e9;
}

static SSL_CTX *context(const char *roots) {
    SSL_CTX *made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(made, "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set1_groups_list(made, "P-256"); /* As the probe's small ClientHello. */
    if (SSL_CTX_load_verify_locations(made, roots, NULL) != 1) {
        ERR_print_errors_fp(stderr);
        exit(1);
    }
    SSL_CTX_set_verify(made, SSL_VERIFY_NONE, NULL); /* Verified all the same: the verdict is read afterwards. */
    return made;
}

static void start(int round) {
    int number = started++;
    struct connection *it = &all[number];
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = it};
    char name[64];
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    it->round = round;
    it->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(it->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)); /* The request does not wait for an ACK. */
    if (connect(it->fd, (struct sockaddr *)&there, sizeof there) != 0 && errno != EINPROGRESS) {
        perror("connect");
        exit(1);
    }
    it->tls = SSL_new(tls);
    snprintf(name, sizeof name, "s%d.contoso.com", number);
    SSL_set_tlsext_host_name(it->tls, name);
    SSL_set_fd(it->tls, it->fd);
    SSL_set_connect_state(it->tls);
    epoll_ctl(epoll, EPOLL_CTL_ADD, it->fd, &event);
}

static void look(struct connection *it) {
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(it->tls);
    if (chain != NULL && SSL_get_verify_result(it->tls) == X509_V_OK) verified++;
}

static void finish(struct connection *it) {
    SSL_free(it->tls);
    close(it->fd);
    it->step = ENDED;
    ended++;
    if (it->round + 1 < rounds && counts[it->round + 1]-- > 0) start(it->round + 1);
}

/* All that can be done without waiting. */
static void go_on(struct connection *it) {
    static const char request[] = "GET / HTTP/1.1\r\nHost: s.contoso.com\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    int done;
    if (it->step == SHAKING) {
        ERR_clear_error();
        done = SSL_do_handshake(it->tls);
        if (done != 1) {
            if (SSL_get_error(it->tls, done) > SSL_ERROR_SSL) return;
            finish(it);
            return;
        }
        look(it);
        if (with_http)
            SSL_write(it->tls, request, sizeof request - 1);
        else
            SSL_shutdown(it->tls);
        it->step = ASKING;
    }
    while (it->step == ASKING) {
        done = SSL_read(it->tls, it->answer + it->got, (int)(sizeof it->answer - it->got));
        if (done > 0) {
            it->got += done;
            continue;
        }
        if (SSL_get_error(it->tls, done) == SSL_ERROR_WANT_READ) return;
        finish(it);
    }
}

int main(int argc, char **argv) {
    if (argc < 5 || argc - 4 > MOST_ROUNDS) return 2;
    int count = 0;
    port = atoi(argv[1]), with_http = atoi(argv[2]), rounds = argc - 4, epoll = epoll_create1(0);
    for (int n = 0; n < rounds; n++) count += counts[n] = atoi(argv[n + 4]);
    tls = context(argv[3]);
    all = calloc(count, sizeof *all);
    struct epoll_event events[256];
    double began = cpu(), at = passed();
    for (int n = 0; n < counts[0]; n++) start(0);
    while (ended < count) {
        int ready = epoll_wait(epoll, events, 256, 120000);
        if (ready <= 0) return 1;
        for (int n = 0; n < ready; n++) {
            struct connection *it = events[n].data.ptr;
            if (it->step != ENDED) go_on(it);
        }
    }
    printf("%.6f %.6f %d %d %s\n", cpu() - began, passed() - at, ended, verified, OpenSSL_version(OPENSSL_VERSION));
    return 0;
}
