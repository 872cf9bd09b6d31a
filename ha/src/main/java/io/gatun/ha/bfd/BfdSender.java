package io.gatun.ha.bfd;

import java.nio.ByteBuffer;

/** Sends packets to one peer. */
interface BfdSender extends AutoCloseable {
    /** Sends what fills the buffer. @return bytes sent, or -errno */
    int send(ByteBuffer packet);

    @Override
    void close();
}
