package io.gatun.kube.desired;

import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads annotations of kube-loxilb. What cannot be read is told, and counts as not given. */
final class Annotations {
    static final String PREFIX = "loxilb.io/";

    private final Map<String, String> annotations;
    private final Consumer<Notice> notices;

    Annotations(Map<String, String> annotations, Consumer<Notice> notices) {
        this.annotations = annotations;
        this.notices = notices;
    }

    boolean has(String name) {
        return !text(name).isEmpty();
    }

    /** Empty when it is not there. */
    String text(String name) {
        return annotations.getOrDefault(PREFIX + name, "").strip();
    }

    boolean yes(String name, boolean otherwise) {
        return switch (text(name)) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            case "" -> otherwise;
            default -> bad(name, "give yes or no", otherwise);
        };
    }

    int number(String name, int low, int high, int otherwise) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= low && number <= high) {
                return number;
            }
        }
        return bad(name, "give " + low + "-" + high, otherwise);
    }

    <T> T choice(String name, Map<String, T> choices, T otherwise) {
        String text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        T chosen = choices.get(text);
        return chosen != null
                ? chosen
                : bad(
                        name,
                        "give one of "
                                + String.join(
                                        ", ", choices.keySet().stream().sorted().toList()),
                        otherwise);
    }

    /** Comma-separated, without those that are none. */
    List<IpAddress> addresses(String name) {
        List<IpAddress> addresses = new ArrayList<>();
        for (String part : list(name)) {
            Optional<IpAddress> address = IpAddress.parse(part);
            address.ifPresentOrElse(addresses::add, () -> bad(name, "give an IP address such as 192.168.80.200", 0));
        }
        return addresses;
    }

    List<String> list(String name) {
        return Arrays.stream(text(name).split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Tells that it cannot be followed. */
    <T> T bad(String name, String cure, T otherwise) {
        notices.accept(new Notice(
                Notice.BAD_ANNOTATION, "annotation " + PREFIX + name + "=" + text(name) + " is not followed, " + cure));
        return otherwise;
    }
}
