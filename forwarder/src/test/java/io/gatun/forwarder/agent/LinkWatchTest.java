package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.control.LinkListener;
import io.gatun.forwarder.sys.netlink.LinkEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever announces VIPs is told when a switch may have forgotten them. */
class LinkWatchTest {
    private static final int UP = 0x1;
    private static final int RUNNING = 0x40;

    private final List<String> told = new ArrayList<>();

    @Test
    void whatIsUpAtTheStartIsNoNews() {
        watch(link(2, UP | RUNNING)).follow(List.of(link(2, UP | RUNNING)));

        assertEquals(List.of(), told);
    }

    @Test
    void aCarrierThatComesBackIsToldOnce() {
        LinkWatch watch = watch(link(2, UP | RUNNING), link(3, UP | RUNNING));

        watch.follow(List.of(link(2, UP), link(3, UP | RUNNING)));
        assertEquals(List.of(), told, "going down is no news for it");
        watch.follow(List.of(link(2, UP | RUNNING), link(3, UP | RUNNING)));
        watch.follow(List.of(link(2, UP | RUNNING), link(3, UP | RUNNING)));

        assertEquals(List.of("up 2"), told);
    }

    @Test
    void aLinkThatIsMadeAnewIsToldByItsNewIndex() {
        LinkWatch watch = watch(link(2, UP | RUNNING));

        watch.follow(List.of());
        watch.follow(List.of(link(7, 0)));
        assertEquals(List.of("gone 2"), told, "switched off");
        watch.follow(List.of(link(7, UP | RUNNING)));

        assertEquals(List.of("gone 2", "up 7"), told);
    }

    @Test
    void theOldLinkIsGoneBeforeTheNewOneIsUp() {
        watch(link(7, UP | RUNNING)).follow(List.of(link(2, UP | RUNNING)));

        assertEquals(List.of("gone 7", "up 2"), told);
    }

    private LinkWatch watch(LinkEvent... links) {
        LinkWatch watch = new LinkWatch(List.of(links));
        watch.listener(new LinkListener() {
            @Override
            public void onUp(int ifindex) {
                told.add("up " + ifindex);
            }

            @Override
            public void onGone(int ifindex) {
                told.add("gone " + ifindex);
            }
        });
        return watch;
    }

    private static LinkEvent link(int index, int flags) {
        return new LinkEvent(index, "eth" + index, 0x02_00_00_00_00_01L, 1500, flags, 0, 0, "", 0, 1, 1, false);
    }
}
