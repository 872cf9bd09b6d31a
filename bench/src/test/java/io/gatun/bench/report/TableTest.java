package io.gatun.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        String text = new Table("who", "kpps", "loss %")
                .row("gatun", "793", "0.1")
                .row("nftables", "600", "12.0")
                .text();
        assertEquals("""
                who       kpps  loss %
                gatun      793     0.1
                nftables   600    12.0
                """, text);
    }

    @Test
    void everyRowHasTheCellsOfTheHeader() {
        Table table = new Table("a", "b");
        assertEquals(
                "cells=1, the header has 2",
                assertThrows(IllegalArgumentException.class, () -> table.row("x"))
                        .getMessage());
    }
}
