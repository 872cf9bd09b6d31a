package io.gatun.bench.peers;

/** A limit, not a load balancer: Gatun's steering program and AF_XDP port, and nothing in between but the MACs swapped. */
public final class RingsAlone implements Contender {
    @Override
    public String name() {
        return "rings alone";
    }

    @Override
    public String setup() {
        return "the limit of AF_XDP: Gatun's rings without its pipeline, MACs swapped in Java; otherwise as gatun";
    }

    @Override
    public boolean translates() {
        return false;
    }

    @Override
    public Running start(Testbed bed) {
        GatunProcess process = GatunProcess.start(
                bed.lb(),
                RingsNode.class,
                Testbed.DEVICE,
                Integer.toString(bed.lb().link(Testbed.DEVICE).index()));
        try {
            process.prioritise(RingsNode.THREAD, GatunContender.AGENT_PRIORITY);
            return new OnOneCpu(process, NapiThread.start(bed.lb(), bed.forwardingCpu()), bed.forwardingCpu());
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }
}
