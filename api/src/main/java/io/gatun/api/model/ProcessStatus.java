package io.gatun.api.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A process as {@code GET status/process} shows it; all are texts, sizes in KiB, shares in per cent. */
public record ProcessStatus(
        String pid,
        String user,
        String priority,
        String nice,
        String virtMemory,
        String residentSize,
        String sharedMemory,
        String status,
        @JsonProperty("CPUUsage") String cpuUsage,
        @JsonProperty("MemoryUsage") String memoryUsage,
        String time,
        String command) {
    /** Gatun's own process. */
    public record All(List<ProcessStatus> processAttr) {}
}
