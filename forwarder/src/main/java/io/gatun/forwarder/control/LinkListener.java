package io.gatun.forwarder.control;

/** Is told what becomes of the links of served interfaces, by their ifindex, on a thread that must not wait. */
public interface LinkListener {
    /**
     * It can carry packets again, and its interface is served: the switch at the other end may have forgotten what it
     * knew. An interface that was deleted and made anew comes with another ifindex.
     */
    void onUp(int ifindex);

    /** It was deleted. */
    void onGone(int ifindex);
}
