package io.gatun.api.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Words of the command line and the numbers that REST has for them.
 *
 * @param words the number of a word is its place
 */
record Codes(List<String> words) {
    static final Codes SELECT = new Codes(List.of("rr", "hash", "priority", "persist", "lc", "n2", "n3"));
    static final Codes MODE = new Codes(List.of("default", "onearm", "fullnat", "dsr", "fullproxy", "hostonearm"));

    int code(CommandSpec spec, String option, String word) {
        int code = words.indexOf(word);
        if (code < 0) {
            throw new ParameterException(
                    spec.commandLine(), option + "=" + word + ", give one of " + String.join(", ", words));
        }
        return code;
    }

    /** The word, or the number itself where there is none. */
    String word(int code) {
        return code >= 0 && code < words.size() ? words.get(code) : Integer.toString(code);
    }
}
