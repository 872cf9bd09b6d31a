package io.gatun.api.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> WORDS =
            List.of("interface", "vrid", "io", "ka", "peer", "probe-fall", "probe-rise");

    @ParameterizedTest
    @CsvSource({"intrface,interface", "interfaces,interface", "vird,vrid", "pear,peer", "probe_fall,probe-fall"})
    void aWordThatIsNearIsMeant(String typed, String meant) {
        assertEquals(Optional.of(meant), Spelling.nearest(typed, WORDS));
    }

    @ParameterizedTest
    @CsvSource({"in", "port", "service_host", "oi", "''"})
    void aWordThatIsFarIsNot(String typed) {
        assertEquals(Optional.empty(), Spelling.nearest(typed, WORDS));
    }

    @Test
    void slipsAreLettersMoreLessOtherOrSwapped() {
        assertEquals(0, Spelling.slips("vrid", "vrid"));
        assertEquals(1, Spelling.slips("vird", "vrid"));
        assertEquals(1, Spelling.slips("vid", "vrid"));
        assertEquals(1, Spelling.slips("vrrid", "vrid"));
        assertEquals(1, Spelling.slips("vrad", "vrid"));
        assertEquals(4, Spelling.slips("", "vrid"));
        assertEquals(4, Spelling.slips("vrid", ""));
    }
}
