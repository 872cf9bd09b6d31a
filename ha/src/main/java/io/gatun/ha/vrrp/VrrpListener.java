package io.gatun.ha.vrrp;

/** Is told on the thread of VRRP, which must not wait. */
public interface VrrpListener {
    /** Comes right before {@link #onState} says that a family's virtual router is {@link VrrpState#ACTIVE}. */
    void onTakeover(boolean ipv6, Takeover takeover);

    /** The state of a family's virtual router changed to or from {@link VrrpState#ACTIVE}. */
    void onState(boolean ipv6, VrrpState state);

    /** Another node acted as owner beside us: the network is to be told again. */
    void onRival(boolean ipv6);
}
