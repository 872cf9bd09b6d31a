package io.gatun.api.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.api.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Addresses of interfaces as loxicmd keeps them: a directory for each interface with a file {@code type} and a file
 * {@code ipv4addr} that has an address on each line; or one file with the commands of ip(8) that set them. Commands are
 * read, never run.
 */
final class AddressFiles {
    private static final Pattern COMMAND =
            Pattern.compile("\\s*ip\\s+addr(?:ess)?\\s+(?:add|replace)\\s+(\\S+)\\s+dev\\s+(\\S+)\\s*");
    private static final String ADDRESSES = "ipv4addr";
    private static final String TYPE = "type";

    private AddressFiles() {}

    /** Writes all of an answer of {@code GET config/ipv4address/all}. */
    static void write(Path directory, JsonNode answer) throws IOException {
        for (JsonNode device : answer.path(ConfigKind.IP.list())) {
            String name = device.path("dev").asText();
            Path own = Files.createDirectories(directory.resolve(Path.of(name).getFileName()));
            Files.writeString(own.resolve(TYPE), name.contains(".") ? "subintf" : "phy");
            StringBuilder lines = new StringBuilder();
            device.path("ipAddress")
                    .forEach(address -> lines.append(address.asText()).append('\n'));
            Files.writeString(own.resolve(ADDRESSES), lines);
        }
    }

    /**
     * Those of one interface; none when it has no file of them.
     *
     * @param passedOver names of the other files that loxicmd has there are added to it
     */
    static List<ConfigItem> ofInterface(Path directory, String device, List<String> passedOver) {
        Path own = directory.resolve(device);
        List<ConfigItem> items = new ArrayList<>();
        try (Stream<Path> files = Files.list(own)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.equals(ADDRESSES)) {
                    lines(file).filter(line -> !line.isBlank()).forEach(line -> items.add(item(line.strip(), device)));
                } else if (!name.equals(TYPE)) {
                    passedOver.add(file.toString());
                }
            }
        } catch (IOException e) {
            throw new ClientException(
                    own + " cannot be read, give --config-path a directory that save --ip has written", e);
        }
        return items;
    }

    /**
     * Those that a file of commands sets.
     *
     * @param passedOver each other command is added to it
     */
    static List<ConfigItem> ofCommands(Path file, List<String> passedOver) {
        List<ConfigItem> items = new ArrayList<>();
        lines(file).filter(line -> !line.isBlank()).forEach(line -> {
            Matcher command = COMMAND.matcher(line);
            if (command.matches()) {
                items.add(item(command.group(1), command.group(2)));
            } else {
                passedOver.add(line.strip());
            }
        });
        return items;
    }

    private static ConfigItem item(String address, String device) {
        return new ConfigItem(ConfigKind.IP, Json.read(Json.bytes(body(address, device)), JsonNode.class));
    }

    /** As {@code POST config/ipv4address} has it. */
    static Map<String, String> body(String address, String device) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("dev", device);
        body.put("ipAddress", address);
        return body;
    }

    private static Stream<String> lines(Path file) {
        return new String(ConfigItem.bytes(file), StandardCharsets.UTF_8).lines();
    }
}
