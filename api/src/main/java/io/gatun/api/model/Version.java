package io.gatun.api.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What {@code GET version} answers. */
public record Version(String version, String buildInfo) {
    /** The version of this build. */
    public static Version current() {
        try (InputStream in = Version.class.getResourceAsStream("/io/gatun/api/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return new Version(
                    properties.getProperty("version"),
                    "gatun on Java " + Runtime.version().feature());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
