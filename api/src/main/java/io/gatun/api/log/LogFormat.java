package io.gatun.api.log;

/** A line of text for people, or a JSON object a line for machines. */
public enum LogFormat {
    TEXT,
    JSON
}
