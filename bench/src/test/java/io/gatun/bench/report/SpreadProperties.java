package io.gatun.bench.report;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class SpreadProperties {
    @Property
    boolean halfOfTheSamplesAreOnEitherSideOfTheMedian(
            @ForAll @Size(min = 3, max = 40) List<@DoubleRange(min = -1e9, max = 1e9) Double> samples) {
        double[] all = samples.stream().mapToDouble(Double::doubleValue).toArray();
        Spread spread = Spread.of(all);
        long below = samples.stream().filter(sample -> sample < spread.median()).count();
        long above = samples.stream().filter(sample -> sample > spread.median()).count();
        return below <= all.length / 2
                && above <= all.length / 2
                && spread.min() <= spread.median()
                && spread.median() <= spread.max()
                && samples.contains(spread.min())
                && samples.contains(spread.max());
    }
}
