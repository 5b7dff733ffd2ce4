/* The cheapest client there is: one thread, epoll, OpenSSL. `tests.bench.probe_cpu` compiles it and measures the probe against it.
 *
 * client PORT COUNT HTTP ROOTS: COUNT connections at once to 127.0.0.1:PORT, number N with the SNI sN.contoso.com, each
 * verified against the PEM file ROOTS; HTTP 1: with a request and its answer. It prints the seconds of CPU that they
 * took, the connections that came to their end, those whose chain was verified, and OpenSSL's version.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum step { SHAKING, ASKING, ENDED };

struct connection {
    int fd;
    SSL *tls;
    enum step step;
    size_t got;
    char answer[4096];
};

static int with_http, ended, verified;

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
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

static void start(struct connection *it, int number, int port, SSL_CTX *tls, int epoll) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = it};
    char name[64];
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    it->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
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
    if (argc != 5) return 2;
    int port = atoi(argv[1]), count = atoi(argv[2]), epoll = epoll_create1(0);
    with_http = atoi(argv[3]);
    SSL_CTX *tls = context(argv[4]);
    struct connection *all = calloc(count, sizeof *all);
    struct epoll_event events[256];
    double began = cpu();
    for (int n = 0; n < count; n++) start(&all[n], n, port, tls, epoll);
    while (ended < count) {
        int ready = epoll_wait(epoll, events, 256, 120000);
        if (ready <= 0) return 1;
        for (int n = 0; n < ready; n++) {
            struct connection *it = events[n].data.ptr;
            if (it->step != ENDED) go_on(it);
        }
    }
    printf("%.6f %d %d %s\n", cpu() - began, ended, verified, OpenSSL_version(OPENSSL_VERSION));
    return 0;
}
