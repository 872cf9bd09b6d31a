package io.gatun.api.cli;

import io.gatun.api.model.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code gatun --version} prints. */
final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Version version = Version.current();
        return new String[] {"gatun " + version.version(), version.buildInfo()};
    }
}
