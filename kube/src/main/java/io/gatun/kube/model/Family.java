package io.gatun.kube.model;

/** A version of IP. */
public enum Family {
    IPV4("IPv4", 32),
    IPV6("IPv6", 128);

    private final String text;
    private final int bits;

    Family(String text, int bits) {
        this.text = text;
        this.bits = bits;
    }

    /** As Kubernetes writes it. */
    public String text() {
        return text;
    }

    /** Of an address. */
    public int bits() {
        return bits;
    }
}
