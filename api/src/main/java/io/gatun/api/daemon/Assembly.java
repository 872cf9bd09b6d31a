package io.gatun.api.daemon;

import io.gatun.forwarder.control.Forwarder;
import java.util.List;
import java.util.function.Consumer;

/** The one place that says which data plane {@code gatun} runs on. */
public final class Assembly {
    private Assembly() {}

    /** The data plane of this build. */
    public static DataPlane dataPlane() {
        return new AbsentDataPlane();
    }

    private static final class AbsentDataPlane implements DataPlane {
        @Override
        public Forwarder openForwarder(RunOptions options, Consumer<Throwable> onFailure) {
            throw absent();
        }

        @Override
        public VipOwner openVipOwner(RunOptions options, Forwarder forwarder) {
            throw absent();
        }

        @Override
        public List<String> detach(List<String> interfaces) {
            throw absent();
        }

        private static StartException absent() {
            return new StartException("this build of gatun has no data plane, use one that has");
        }
    }
}
