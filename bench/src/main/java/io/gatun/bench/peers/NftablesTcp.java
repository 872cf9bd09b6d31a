package io.gatun.bench.peers;

/** The kernel's own path for TCP: routing, conntrack, DNAT and SNAT by nftables, wherever softirqs run. */
public final class NftablesTcp implements TcpContender {
    @Override
    public String name() {
        return "nftables";
    }

    @Override
    public String setup() {
        return "nat table, prerouting dnat and postrouting snat to the VIP, conntrack";
    }

    @Override
    public Contender.Running start(TcpBed bed) {
        KernelRouting.enable(bed.lb(), TcpBed.DEVICE);
        bed.lb().exec("nft", NftablesContender.rules("tcp", TcpBed.VIP, TcpBed.PORT, TcpBed.SERVER, TcpBed.PORT));
        return new Softirqs();
    }

    /** It has no tasks of its own; the namespace takes everything with it. */
    private record Softirqs() implements Contender.Running {
        @Override
        public long cpuNs() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
