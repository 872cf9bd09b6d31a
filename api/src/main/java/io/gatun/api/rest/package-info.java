/**
 * loxilb's REST API under {@code /netlox/v1} on virtual threads. A POST or DELETE that worked answers 200 and
 * {@code {"result":"Success"}}, nothing else; the content type is {@code application/json} without a charset, because
 * kube-loxilb compares the whole string. What loxilb does not know is under {@code /gatun/v1}. No request sees a stack
 * trace.
 */
package io.gatun.api.rest;
