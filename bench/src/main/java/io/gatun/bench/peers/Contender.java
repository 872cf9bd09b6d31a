package io.gatun.bench.peers;

/** Something that forwards, to be measured beside others. */
public interface Contender {
    /** Short, for tables. */
    String name();

    /** How it is set up, in one line, for readers of the figures. */
    String setup();

    /** Whether addresses are rewritten; else frames come back as they were sent, but for their MACs. */
    default boolean translates() {
        return true;
    }

    /**
     * Sets it up in the testbed's forwarder host.
     *
     * @return when it forwards
     */
    Running start(Testbed bed);

    /** A contender at work. */
    interface Running extends AutoCloseable {
        /** CPU time that its own tasks have used so far, ns; steps of 10 ms. */
        long cpuNs();

        /** Of that, what its JVM's compilers have used, ns; 0 for what is not compiled while it runs. */
        default long compilingNs() {
            return 0;
        }

        /** Whether it is compiled while it runs, and needs a warm-up for that. */
        default boolean isCompiledAsItRuns() {
            return false;
        }

        /** The warm-up is over: what it uses is counted from here on, and has to stay on the forwarding CPUs. */
        default void warmedUp() {}

        /** What it says of itself, such as the engine that it chose; may be empty. */
        default String note() {
            return "";
        }

        /** Stops it; what it has set in the namespace may stay, which goes with the testbed. */
        @Override
        void close();
    }
}
