package io.gatun.api.cli;

import io.gatun.api.config.Setting;
import io.gatun.api.daemon.Concluded;
import io.gatun.api.model.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What {@code gatun run --check} prints: a file that could be given as {@code --config}, with comments. */
record CheckReport(Concluded concluded) {
    /** Texts that YAML takes as they are. A JSON string is a YAML one too. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9/._-]*(?::[0-9]+)?");

    void print(PrintWriter out) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (Setting setting : concluded.settings()) {
            lines.put(setting.name() + ": " + yaml(setting), setting.origin());
        }
        int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        lines.forEach((line, origin) -> out.println(line + " ".repeat(width - line.length()) + "  # " + origin));
        out.println("# interfaces that are served: "
                + String.join(", ", concluded.options().interfaces()));
        concluded.remarks().forEach(remark -> out.println("# " + remark));
        out.flush();
    }

    private static String yaml(Setting setting) {
        List<String> values = setting.values();
        return values.size() == 1
                ? scalar(values.getFirst())
                : values.stream().map(CheckReport::scalar).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String scalar(String value) {
        return PLAIN.matcher(value).matches() ? value : new String(Json.bytes(value), StandardCharsets.UTF_8);
    }
}
