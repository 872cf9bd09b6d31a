package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.Settings;

/** The settings in force: written by the conductor, read by each agent when a duty cycle begins. */
final class CurrentSettings {
    private volatile Settings current;

    CurrentSettings(Settings start) {
        current = start;
    }

    Settings current() {
        return current;
    }

    void change(Settings wanted) {
        current = wanted;
    }
}
