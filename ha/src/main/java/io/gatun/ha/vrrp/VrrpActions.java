package io.gatun.ha.vrrp;

/** What a {@link VrrpInstance} wants done, at once and in this order. Nothing here may call the instance back. */
public interface VrrpActions {
    /**
     * Send an advert.
     *
     * @param priority 0 to say that we leave
     * @param intervalCs advert interval in hundredths of a second
     */
    void advertise(int priority, int intervalCs);

    /** Ask the network who has one of the addresses; {@link VrrpInstance#onProbeAnswer} is told when another node has. */
    void probe();

    /** The addresses are ours from now on. */
    void onActive();

    /** They are not any more. */
    void onSilent();

    /** Another node acted as owner beside us and is told to stop: the network may have learnt its MAC, tell it ours. */
    void onRival();
}
