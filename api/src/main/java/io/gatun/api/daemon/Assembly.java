package io.gatun.api.daemon;

/** The one place that says which data plane {@code gatun} runs on. */
public final class Assembly {
    private Assembly() {}

    /** The data plane of this build. */
    public static DataPlane dataPlane() {
        return new NetworkDataPlane();
    }
}
