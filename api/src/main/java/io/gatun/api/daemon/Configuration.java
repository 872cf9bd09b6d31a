package io.gatun.api.daemon;

import java.util.Map;

/** Where settings are read anew while running. */
@FunctionalInterface
public interface Configuration {
    /**
     * Reads all of them.
     *
     * @param changes those that were changed through the API, which count more than all others
     * @throws StartException with all that is wrong
     */
    Concluded read(Map<String, String> changes);
}
