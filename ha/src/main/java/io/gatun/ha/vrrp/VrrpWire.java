package io.gatun.ha.vrrp;

import io.gatun.ha.wire.IpAddress;
import io.gatun.ha.wire.Pollable;
import org.agrona.concurrent.UnsafeBuffer;

/** Where adverts of one family on one interface come from and go to. Buffers are direct; one thread at a time. */
interface VrrpWire extends Pollable, AutoCloseable {
    /** The address that adverts are sent from. */
    IpAddress source();

    /** Takes the next frame, Ethernet header first, without waiting. @return its length, 0 for none, or -errno */
    int receive(UnsafeBuffer frame);

    /** Sends an advert, from its first byte behind the IP header on. @return bytes sent, or -errno */
    int send(UnsafeBuffer advert, int lengthBytes, IpAddress destination);

    /** By which it asks for addresses, closed with the wire; null on an interface without a MAC. */
    AddressProbe probe();

    @Override
    void close();
}
