package io.gatun.api.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates made by openssl in a directory: NAME.pem with NAME.key, for 127.0.0.1. */
public record Certificates(Path directory) {
    private static final List<String> EC = List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");

    public Path pem(String name) {
        return directory.resolve(name + ".pem");
    }

    public Path key(String name) {
        return directory.resolve(name + ".key");
    }

    /** One that issues others. */
    public void authority(String name) {
        openssl(EC, "req", "-x509", "-days", "2", "-subj", "/CN=" + name, "-keyout", key(name), "-out", pem(name));
    }

    /** One of a server or a client. */
    public void issued(String name, String authority) {
        Path request = directory.resolve(name + ".csr");
        openssl(
                EC,
                "req",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key(name),
                "-out",
                request);
        openssl(
                List.of("-copy_extensions", "copy", "-CAcreateserial"),
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                request,
                "-CA",
                pem(authority),
                "-CAkey",
                key(authority),
                "-out",
                pem(name));
    }

    /** Runs openssl with a verb, its arguments, and these options behind them. */
    public void openssl(List<String> options, Object... verb) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        for (Object word : verb) {
            command.add(word.toString());
        }
        command.addAll(options);
        Programs.run(command);
    }
}
