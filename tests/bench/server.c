/* The cheapest TLS server there is, some way off: one thread, epoll, OpenSSL. `tests.bench.waiting` compiles it, so that what the
 * servers cost does not decide what is measured of a client on the same machine.
 *
 * server CERTIFICATES KEY STATUS LATE: PEM files, the status line of each answer, and the milliseconds that a round trip takes. It
 * hears that much later what a client sent, and nothing within the first two round trips of a connection, as if a connection from
 * far away had taken the first. It prints its port and serves until its standard input ends.
 */
#define _GNU_SOURCE /* For accept4 and epoll_pwait2. */
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
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int fd;
    SSL *tls;
    BIO *heard, *said;
    int shaken, awaited; /* `awaited`: pieces that are still on their way. */
    int over;
    long long since; /* When it was accepted, in microseconds. */
    size_t got;
    char asked[4096];
};

/* What a client sent, until it is heard; the next that is due comes first. */
struct piece {
    struct piece *next;
    struct connection *of;
    long long due;
    int size; /* 0: the client has closed. */
    char data[];
};

static struct piece *first, *last;
static long long late;
static char page[256];

static long long now(void) {
    struct timespec it;
    clock_gettime(CLOCK_MONOTONIC, &it);
    return it.tv_sec * 1000000LL + it.tv_nsec / 1000;
}

static void later(struct connection *of, const char *data, int size) {
    struct piece *made = malloc(sizeof *made + size), **at = &first;
    made->of = of, made->due = now() + late, made->size = size;
    if (made->due < of->since + 2 * late) made->due = of->since + 2 * late;
    memcpy(made->data, data, size);
    /* Mostly it is the last, and of those that are due at the same time the one that came first is heard first. */
    if (last != NULL && last->due <= made->due) at = &last->next;
    while (*at != NULL && (*at)->due <= made->due) at = &(*at)->next;
    made->next = *at, *at = made;
    if (made->next == NULL) last = made;
    of->awaited++;
}

static void flush(struct connection *it) {
    char out[16384];
    int size;
    while ((size = BIO_read(it->said, out, sizeof out)) > 0)
        if (write(it->fd, out, size) != size) it->over = 1; /* So small that it fits, or nobody is there. */
}

static void end(struct connection *it) {
    if (it->fd >= 0) close(it->fd);
    it->fd = -1;
    if (it->awaited) return;
    SSL_free(it->tls);
    free(it);
}

/* All that can be done with what was heard so far. */
static void serve(struct connection *it) {
    int done;
    if (!it->shaken) {
        ERR_clear_error();
        done = SSL_do_handshake(it->tls);
        flush(it);
        if (done != 1) {
            it->over |= SSL_get_error(it->tls, done) != SSL_ERROR_WANT_READ;
            return;
        }
        it->shaken = 1;
    }
    while ((done = SSL_read(it->tls, it->asked + it->got, (int)(sizeof it->asked - it->got - 1))) > 0) {
        it->got += done;
        it->asked[it->got] = 0;
        if (strstr(it->asked, "\r\n\r\n") != NULL) {
            SSL_write(it->tls, page, (int)strlen(page));
            SSL_shutdown(it->tls);
            it->over = 1;
            break;
        }
    }
    it->over |= SSL_get_error(it->tls, done) != SSL_ERROR_WANT_READ;
    flush(it);
}

static void hear(void) {
    while (first != NULL && first->due <= now()) {
        struct piece *it = first;
        struct connection *of = it->of;
        first = it->next;
        if (first == NULL) last = NULL;
        of->awaited--;
        if (!of->over && it->size) {
            BIO_write(of->heard, it->data, it->size);
            serve(of);
        }
        if (of->over || !it->size) of->over = 1, end(of);
        free(it);
    }
}

/* How long it is until the next piece is due; to the microsecond, since every wait of a client ends with it. */
static struct timespec *patience(void) {
    static struct timespec left;
    long long until = first == NULL ? -1 : first->due - now();
    if (first == NULL) return NULL;
    if (until < 0) until = 0;
    left.tv_sec = until / 1000000, left.tv_nsec = until % 1000000 * 1000;
    return &left;
}

static void receive(struct connection *it) {
    char data[16384];
    ssize_t size = read(it->fd, data, sizeof data);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
        close(it->fd);
        it->fd = -1;
    }
    later(it, data, size > 0 ? (int)size : 0);
}

static void take(int listening, int epoll, SSL_CTX *context) {
    int fd;
    while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *it = calloc(1, sizeof *it);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = it};
        it->fd = fd, it->since = now();
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        it->tls = SSL_new(context);
        it->heard = BIO_new(BIO_s_mem());
        it->said = BIO_new(BIO_s_mem());
        SSL_set_bio(it->tls, it->heard, it->said);
        SSL_set_accept_state(it->tls);
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_chain_file(context, argv[1]) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, argv[2], SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        return 1;
    }
    snprintf(page, sizeof page, "HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nok", argv[3]);
    late = atoi(argv[4]) * 1000LL;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
    struct epoll_event events[256], mine = {.events = EPOLLIN, .data.ptr = &listening};
    struct epoll_event given = {.events = EPOLLIN, .data.ptr = &epoll};
    if (bind(listening, (struct sockaddr *)&here, sizeof here) != 0 || listen(listening, 2048) != 0) return 1;
    getsockname(listening, (struct sockaddr *)&here, &length);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &mine);
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &given);
    printf("%d\n", ntohs(here.sin_port));
    fflush(stdout);
    for (;;) {
        int ready = epoll_pwait2(epoll, events, 256, patience(), NULL);
        for (int n = 0; n < ready; n++) {
            if (events[n].data.ptr == &listening)
                take(listening, epoll, context);
            else if (events[n].data.ptr == &epoll)
                return 0;
            else
                receive(events[n].data.ptr);
        }
        hear();
    }
}
