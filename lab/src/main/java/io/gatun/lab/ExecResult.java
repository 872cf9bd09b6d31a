package io.gatun.lab;

/**
 * How a command ended.
 *
 * @param exitCode 0 for success, 128 + signal when it was killed
 * @param stdout all of it, UTF-8
 * @param stderr all of it, UTF-8
 */
public record ExecResult(int exitCode, String stdout, String stderr) {
    public boolean ok() {
        return exitCode == 0;
    }
}
