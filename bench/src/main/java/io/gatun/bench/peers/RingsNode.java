package io.gatun.bench.peers;

import io.gatun.forwarder.bpf.Steering;
import io.gatun.forwarder.bpf.SteeringHook;
import io.gatun.forwarder.control.Settings;
import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.xsk.XskPort;
import io.gatun.forwarder.xsk.XskSpec;
import org.agrona.concurrent.UnsafeBuffer;

/** Main class of the process that {@link RingsAlone} starts: what comes for the endpoint goes back with its MACs swapped. */
public final class RingsNode {
    /** Name of the thread that forwards. */
    static final String THREAD = "rings";

    private static final int ETHERNET_MTU = 1_500;
    private static final int SLEEP_MS = 1;

    private RingsNode() {}

    /**
     * Prints {@code ready} when it forwards, and runs until it is killed.
     *
     * @param words name of the device, its ifindex
     */
    public static void main(String[] words) throws InterruptedException {
        Libc libc = Libc.system();
        int ifindex = Integer.parseInt(words[1]);
        Steering steering = Steering.load(libc, SteeringHook.XDP, 16, 1);
        XskPort port = XskPort.open(libc, XskSpec.forMtu(words[0], ifindex, 0, ETHERNET_MTU));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
        steering.putAddress(Testbed.ENDPOINT, Steering.OWN_ALL, 0, 0);
        steering.bindQueue(0, port.descriptor());
        steering.attach(ifindex, words[0]);
        Thread thread = new Thread(() -> forward(port), THREAD);
        thread.start();
        System.out.println("ready engine=xdp, no pipeline");
        thread.join();
    }

    /** As an agent does that sleeps when idle. */
    private static void forward(XskPort port) {
        FrameBatch batch = new FrameBatch();
        UnsafeBuffer memory = port.memory();
        int idle = 0;
        while (true) {
            batch.clear();
            int count = port.receive(batch);
            if (count == 0) {
                idle++;
                if (idle < Settings.DEFAULT.idleSpins()) {
                    Thread.onSpinWait();
                } else if (port.await(SLEEP_MS)) {
                    idle = 0;
                }
                continue;
            }
            idle = 0;
            for (int i = 0; i < count; i++) {
                swap(memory, batch.offset(i));
                batch.transmit(i, batch.length(i));
            }
            port.complete(batch);
        }
    }

    private static void swap(UnsafeBuffer memory, int frame) {
        int toHigh = memory.getInt(frame);
        short toLow = memory.getShort(frame + 4);
        memory.putShort(frame, memory.getShort(frame + 6));
        memory.putInt(frame + 2, memory.getInt(frame + 8));
        memory.putInt(frame + 6, toHigh);
        memory.putShort(frame + 10, toLow);
    }
}
