package io.gatun.forwarder.sys;

/**
 * The system calls that Gatun makes, under their C names. Pointers are plain addresses of off-heap memory that the
 * caller owns for the length of the call.
 *
 * <p>Every method returns what the C function returns, or the negated errno ({@code -EAGAIN == -11}) when it fails.
 * All methods may be called from any thread.
 */
public interface Libc {
    /** The C library of this process. */
    static Libc system() {
        return FfmLibc.INSTANCE;
    }

    /** socket(2). @return a descriptor, or -errno */
    int socket(int domain, int type, int protocol);

    /** close(2). @return 0, or -errno */
    int close(int fd);

    /** bind(2). @return 0, or -errno */
    int bind(int fd, long address, int addressLength);

    /** setsockopt(2). @return 0, or -errno */
    int setsockopt(int fd, int level, int name, long value, int valueLength);

    /** getsockopt(2); {@code valueLength} points to a socklen_t, in and out. @return 0, or -errno */
    int getsockopt(int fd, int level, int name, long value, long valueLength);

    /** getsockname(2); {@code addressLength} points to a socklen_t, in and out. @return 0, or -errno */
    int getsockname(int fd, long address, long addressLength);

    /** sendto(2); {@code address} may be 0. @return bytes sent, or -errno */
    long sendto(int fd, long buffer, long length, int flags, long address, int addressLength);

    /** recvfrom(2); {@code address} and {@code addressLength} may be 0. @return bytes received, or -errno */
    long recvfrom(int fd, long buffer, long length, int flags, long address, long addressLength);

    /**
     * sendmmsg(2) (Linux 3.0); {@code messages} points to an array of struct mmsghdr, 64 bytes each.
     *
     * @return messages sent, fewer than {@code count} when one failed; -errno when the first did
     */
    int sendmmsg(int fd, long messages, int count, int flags);

    /**
     * recvmmsg(2) (Linux 2.6.33) without a timeout.
     *
     * @return messages received, or -errno
     */
    int recvmmsg(int fd, long messages, int count, int flags);

    /** poll(2); {@code pollfds} points to an array of struct pollfd. @return descriptors ready, 0 on timeout, -errno */
    int poll(long pollfds, long count, int timeoutMs);

    /** mmap(2). @return an address, or -errno (test with {@code result < 0 && result > -4096}) */
    long mmap(long address, long length, int protection, int flags, int fd, long offset);

    /** munmap(2). @return 0, or -errno */
    int munmap(long address, long length);

    /** ioctl(2) with a pointer argument. @return what the request defines, or -errno */
    int ioctl(int fd, long request, long argument);

    /** bpf(2); {@code attributes} points to a union bpf_attr of {@code size} bytes. @return a descriptor or 0, or -errno */
    int bpf(int command, long attributes, int size);

    /** eventfd(2). @return a descriptor, or -errno */
    int eventfd(int initialValue, int flags);

    /** read(2). @return bytes read, or -errno */
    long read(int fd, long buffer, long length);

    /** write(2). @return bytes written, or -errno */
    long write(int fd, long buffer, long length);

    /** sched_setscheduler(2); {@code param} points to struct sched_param, an int. @return 0, or -errno */
    int sched_setscheduler(int pid, int policy, long param);

    /** sched_setaffinity(2); {@code pid} 0 is the calling thread. @return 0, or -errno */
    int sched_setaffinity(int pid, long maskLength, long mask);
}
