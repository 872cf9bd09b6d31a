package io.gatun.api.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Reads {@code /gatun/v1/events} over a connection of its own, by HTTP/1.0: without chunks. */
public final class EventReader implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PATIENCE_MS = 10_000;

    private final Socket socket;
    private final BufferedReader in;
    private final String head;
    private String lastId = "";

    /**
     * An event.
     *
     * @param id of the event, or of the one before when it has none
     */
    public record Event(String id, String type, JsonNode data) {}

    private EventReader(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder lines = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.append(line).append('\n');
        }
        this.head = lines.toString();
    }

    /**
     * Asks, and reads the head of the answer.
     *
     * @param query such as {@code ?since=0}
     * @param headers whole lines, each with its CR LF
     */
    public static EventReader open(int port, String query, String headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.getOutputStream()
                .write(("GET /gatun/v1/events" + query + " HTTP/1.0\r\nHost: gatun\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new EventReader(socket);
    }

    /** Status line and headers of the answer. */
    public String head() {
        return head;
    }

    /** The last id that was sent. */
    public String lastId() {
        return lastId;
    }

    /** The next event of a type; others are skipped. @throws IOException when the stream ends before */
    public JsonNode await(String type) throws IOException {
        while (true) {
            Event event = next();
            if (event.type().equals(type)) {
                return event.data();
            }
        }
    }

    /** The next event. @throws IOException when the stream ends before */
    public Event next() throws IOException {
        String type = "";
        StringBuilder data = new StringBuilder();
        while (true) {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the stream has ended");
            } else if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line.substring(6));
            } else if (line.isEmpty() && !data.isEmpty()) {
                return new Event(lastId, type, MAPPER.readTree(data.toString()));
            }
        }
    }

    /** Until the greeting is over: what happens from now on is told. */
    public EventReader begun() throws IOException {
        while (lastId.isEmpty()) {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the stream has ended");
            }
            if (line.startsWith("id: ")) {
                lastId = line.substring(4);
            }
        }
        return this;
    }

    /** Reads until the stream ends. */
    public void awaitEnd() throws IOException {
        while (in.readLine() != null) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
