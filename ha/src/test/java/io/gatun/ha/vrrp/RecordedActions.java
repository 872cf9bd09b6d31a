package io.gatun.ha.vrrp;

import java.util.ArrayList;
import java.util.List;

/** Writes down what an instance wants done. */
final class RecordedActions implements VrrpActions {
    private final List<String> journal = new ArrayList<>();

    @Override
    public void advertise(int priority, int intervalCs) {
        journal.add("advert " + priority + " " + intervalCs);
    }

    @Override
    public void probe() {
        journal.add("probe");
    }

    @Override
    public void onActive() {
        journal.add("active");
    }

    @Override
    public void onSilent() {
        journal.add("silent");
    }

    @Override
    public void onRival() {
        journal.add("rival");
    }

    /** What there was since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(journal);
        journal.clear();
        return taken;
    }
}
