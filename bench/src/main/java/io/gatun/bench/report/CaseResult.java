package io.gatun.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one case found, the same shape for all cases.
 *
 * @param name of the case, as on the command line
 * @param arguments that measure it again, the name first
 * @param plan how it was run; only runs of the same plan are alike
 * @param details what is no figure, such as all gaps of a takeover or a target
 */
public record CaseResult(
        String name,
        List<String> arguments,
        Map<String, Object> plan,
        List<Subject> subjects,
        List<Figure> figures,
        Map<String, Object> details) {
    public CaseResult {
        arguments = List.copyOf(arguments);
        plan = Collections.unmodifiableMap(new LinkedHashMap<>(plan));
        subjects = List.copyOf(subjects);
        figures = List.copyOf(figures);
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** Begins the result of a case. */
    public static Builder of(String name) {
        return new Builder(name);
    }

    /** The same, measured by this command line. */
    public CaseResult madeBy(List<String> words) {
        return new CaseResult(name, words, plan, subjects, figures, details);
    }

    /**
     * The spread of a figure.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public Spread figure(String subject, String figure) {
        return figures.stream()
                .filter(each -> each.subject().equals(subject) && each.name().equals(figure))
                .map(Figure::spread)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "figure=" + figure + " of " + subject + ", " + name + " has no such figure"));
    }

    /** What a subject is. */
    Subject.Kind kind(String subject) {
        return subjects.stream()
                .filter(each -> each.name().equals(subject))
                .map(Subject::kind)
                .findFirst()
                .orElse(Subject.Kind.PEER);
    }

    /** Collects a result; a figure belongs to the subject that was named last. */
    public static final class Builder {
        private final String name;
        private final Map<String, Object> plan = new LinkedHashMap<>();
        private final List<Subject> subjects = new ArrayList<>();
        private final List<Figure> figures = new ArrayList<>();
        private final Map<String, Object> details = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = name;
        }

        /** One of the settings of the case. */
        public Builder plan(String key, int value) {
            plan.put(key, value);
            return this;
        }

        /** Names who the next figures are of. */
        public Builder subject(String subject, Subject.Kind kind, String setup, String note) {
            subjects.add(new Subject(subject, kind, setup, note));
            return this;
        }

        /** Names what the next figures, ratios, are between. */
        public Builder ratio(String over, String under) {
            return subject(over + " / " + under, Subject.Kind.RATIO, "", "");
        }

        /** A figure of the subject. */
        public Builder figure(String figure, String unit, Better better, Spread spread) {
            figures.add(new Figure(subjects.getLast().name(), figure, unit, better, spread));
            return this;
        }

        /** Something that is no figure. */
        public Builder detail(String key, Object value) {
            details.put(key, value);
            return this;
        }

        public CaseResult build() {
            return new CaseResult(name, List.of(name), plan, subjects, figures, details);
        }
    }
}
