package io.gatun.api.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class Spelling {
    private static final int LETTERS_PER_SLIP = 3;

    private Spelling() {}

    /** The word that it takes the fewest slips to get {@code typed} from, if they are no more than one in three letters. */
    public static Optional<String> nearest(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> slips(typed, word) <= word.length() / LETTERS_PER_SLIP)
                .min(Comparator.<String>comparingInt(word -> slips(typed, word)).thenComparing(word -> word));
    }

    /** Letters to leave out, put in, or change, and neighbours to swap: the optimal string alignment distance. */
    static int slips(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        Arrays.setAll(last, i -> i);
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
