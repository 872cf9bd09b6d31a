package io.gatun.bench.cases;

import io.gatun.bench.report.Better;
import java.util.function.ToDoubleFunction;

/**
 * A figure of each contender of a {@link SheetReport}.
 *
 * @param unit of the value
 * @param scale by which it is printed
 * @param shown unit of what is printed
 * @param <S> what a round yields
 */
public record Column<S>(
        String name, String unit, Better better, ToDoubleFunction<S> value, double scale, String shown, int decimals) {}
