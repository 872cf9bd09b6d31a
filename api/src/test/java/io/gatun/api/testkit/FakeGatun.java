package io.gatun.api.testkit;

import io.gatun.api.cli.Gatun;
import io.gatun.api.daemon.DataPlane;
import io.gatun.api.daemon.RunOptions;
import io.gatun.api.daemon.VipOwner;
import io.gatun.forwarder.control.Forwarder;
import io.gatun.ha.health.Prober;
import java.util.List;
import java.util.function.Consumer;

/** {@code gatun} as a process, on a fake data plane that fails by itself when {@code -Dfail=true}. */
public final class FakeGatun {
    private FakeGatun() {}

    public static void main(String[] arguments) {
        System.exit(Gatun.commandLine(Failing::new).execute(arguments));
    }

    private static final class Failing implements DataPlane {
        private final FakeDataPlane fake = new FakeDataPlane();

        @Override
        public Forwarder openForwarder(RunOptions options, Consumer<Throwable> onFailure) {
            if (Boolean.getBoolean("fail")) {
                Thread.ofPlatform().daemon().start(() -> onFailure.accept(new IllegalStateException("link is gone")));
            }
            return fake.openForwarder(options, onFailure);
        }

        @Override
        public VipOwner openVipOwner(RunOptions options, Forwarder forwarder) {
            return fake.openVipOwner(options, forwarder);
        }

        @Override
        public Prober openProber() {
            return fake.openProber();
        }

        @Override
        public List<String> detach(List<String> interfaces) {
            return fake.detach(interfaces);
        }
    }
}
