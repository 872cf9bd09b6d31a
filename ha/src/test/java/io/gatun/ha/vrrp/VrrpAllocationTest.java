package io.gatun.ha.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.gatun.ha.wire.IpAddress;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class VrrpAllocationTest {
    private static final int CYCLES = 200_000;

    @Test
    void advertsAndTimersAllocateNothing() {
        VrrpInstance instance = new VrrpInstance(new VrrpSpec(7, 100, 10, true, 0, 0), new Quiet());
        instance.enable(true, 0);
        instance.onLink(true, 0);
        IpAddress other = IpAddress.ofIpv4(0xc0a8_5006);
        List<IpAddress> vips = List.of(IpAddress.ofIpv4(0xc0a8_50c8));
        UnsafeBuffer frame = AdvertFrames.frame(other, VrrpRouter.GROUP, 7, 99, 10, vips);
        AdvertReader reader = new AdvertReader(false, 7, List.of(), VrrpRouter.GROUP);
        reader.addresses(AddressList.of(vips, false));
        long warm = cycles(reader, frame, instance, 0);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        cycles(reader, frame, instance, warm);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, allocated / CYCLES);
    }

    private static long cycles(AdvertReader reader, UnsafeBuffer frame, VrrpInstance instance, long fromNs) {
        long nowNs = fromNs;
        for (int i = 0; i < CYCLES; i++) {
            nowNs += VrrpTiming.CENTISECOND_NS;
            if (reader.read(frame, frame.capacity()).obeyed()) {
                instance.onAdvert(
                        reader.priority(), reader.intervalCs(), reader.sourceHigh(), reader.sourceLow(), nowNs);
            }
            instance.onTimer(nowNs);
        }
        return nowNs;
    }

    private static final class Quiet implements VrrpActions {
        @Override
        public void advertise(int priority, int intervalCs) {}

        @Override
        public void probe() {}

        @Override
        public void onActive() {}

        @Override
        public void onSilent() {}

        @Override
        public void onRival() {}
    }
}
