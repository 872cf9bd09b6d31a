package io.gatun.forwarder.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tests that load programs into the kernel: skipped, with the reason, without the rights to do so. */
final class Root implements SkipExecutionHook {
    static final String REASON = "needs root (CAP_BPF, CAP_NET_ADMIN) to load BPF programs";

    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Tag("netns")
    @EnabledIf(value = "io.gatun.forwarder.bpf.Root#present", disabledReason = REASON)
    @interface Needed {}

    static boolean present() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        return present() ? SkipResult.doNotSkip() : SkipResult.skip(REASON);
    }
}
