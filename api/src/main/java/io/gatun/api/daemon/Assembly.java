package io.gatun.api.daemon;

import io.gatun.forwarder.warmup.WarmUp;
import java.util.Optional;

/** The one place that says which data plane {@code gatun} runs on. */
public final class Assembly {
    private Assembly() {}

    /** The data plane of this build. */
    public static DataPlane dataPlane() {
        return new NetworkDataPlane(Optional.empty());
    }

    /** The same, for which what takes long and needs to know nothing is done from now on, beside whatever comes first. */
    public static DataPlane preparedDataPlane() {
        return new NetworkDataPlane(Optional.of(WarmUp.start()));
    }
}
