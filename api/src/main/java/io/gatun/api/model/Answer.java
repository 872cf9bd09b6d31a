package io.gatun.api.model;

/** What a successful POST or DELETE answers: exactly {@code {"result":"Success"}} with status 200. */
public record Answer(String result) {
    public static final Answer SUCCESS = new Answer("Success");
}
