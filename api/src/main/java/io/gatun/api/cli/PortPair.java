package io.gatun.api.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Ports of a service as the command line writes them: {@code 80:8080}, {@code 1000-2000:8080}, several with commas.
 *
 * @param port first port of the service
 * @param portMax last one, or 0 when there is only one
 */
record PortPair(int port, int portMax) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?(?::(\\d{1,6}))?");

    /**
     * Ports of the service to the ports of its endpoints: {@code 80:8080,80:8081} is one service, and each endpoint
     * serves on both.
     *
     * @param option its name, for the refusal
     */
    static Map<PortPair, List<Integer>> withTargets(CommandSpec spec, String option, List<String> texts) {
        Map<PortPair, List<Integer>> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches() || matcher.group(3) == null) {
                throw new ParameterException(
                        spec.commandLine(), option + "=" + text + ", give PORT:TARGETPORT such as 80:8080");
            }
            pairs.computeIfAbsent(of(matcher), pair -> new ArrayList<>()).add(Integer.parseInt(matcher.group(3)));
        }
        return pairs;
    }

    /** Ports of services; what stands behind a colon is passed over, as a delete does not need it. */
    static List<PortPair> withoutTargets(CommandSpec spec, String option, List<String> texts) {
        List<PortPair> pairs = new ArrayList<>();
        for (String text : texts) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new ParameterException(spec.commandLine(), option + "=" + text + ", give a PORT such as 80");
            }
            pairs.add(of(matcher));
        }
        return pairs;
    }

    private static PortPair of(Matcher matcher) {
        return new PortPair(
                Integer.parseInt(matcher.group(1)), matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
    }
}
