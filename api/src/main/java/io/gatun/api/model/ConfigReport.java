package io.gatun.api.model;

import java.util.List;

/** Answer to GET config: the settings in force. */
public record ConfigReport(List<Row> settings) {
    public ConfigReport {
        settings = List.copyOf(settings);
    }

    /**
     * A setting.
     *
     * @param origin where its value comes from: flag, a variable, file and line, API, or default
     * @param live whether it can change while gatun runs
     */
    public record Row(String name, String value, String origin, boolean live) {}
}
