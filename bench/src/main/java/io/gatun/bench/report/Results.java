package io.gatun.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code --json} writes and {@code --against} reads.
 *
 * @param format of this file, {@link #FORMAT}
 * @param cases at least one
 */
public record Results(int format, Environment environment, List<CaseResult> cases) {
    /** Goes up when a reader of the former format would misread. */
    public static final int FORMAT = 1;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Results {
        if (format != FORMAT) {
            throw new IllegalArgumentException("format=" + format + ", this bench reads " + FORMAT);
        }
        if (environment == null || cases == null || cases.isEmpty()) {
            throw new IllegalArgumentException("cases=" + cases + ", a result has an environment and a case or more");
        }
        cases = List.copyOf(cases);
    }

    /** Results of this format. */
    public static Results of(Environment environment, List<CaseResult> cases) {
        return new Results(FORMAT, environment, cases);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it is not what {@link #write} wrote
     */
    public static Results read(Path file) throws IOException {
        String text = Files.readString(file);
        try {
            return MAPPER.readValue(text, Results.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "file=" + file + ", give one that --json wrote: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes a file, over one that is there. */
    public void write(Path file) throws IOException {
        Files.writeString(file, MAPPER.writeValueAsString(this) + "\n");
    }
}
