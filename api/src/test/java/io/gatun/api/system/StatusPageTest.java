package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.lab.Lab;
import io.gatun.lab.LabProcess;
import io.gatun.lab.Servers;
import io.gatun.lab.junit.LabTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The status page of a real node with real traffic, in Chromium. Screenshots are in {@code api/target/status-page}; with
 * {@code -Dgatun.page.seconds=119} also that of the README.
 */
@LabTest
class StatusPageTest {
    private static final String UDP_VIP = "192.168.80.201";
    private static final String MARKUP = "<img src=x onerror=alert(1)><b>dns</b>";
    private static final int PHONE = 360;
    private static final int DESKTOP = 1280;
    /** WCAG 2.2, success criterion 1.4.3. */
    private static final double CONTRAST_MIN = 4.5;

    private static final int SECONDS = Integer.getInteger("gatun.page.seconds", 0);
    private static final int PATIENCE_S = 30;
    private static final String DRAWN = "document.querySelector('.chart .one').getAttribute('d').includes('L')";
    private static final Path SCREENSHOTS = Path.of("target", "status-page");

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;
    private static LabProcess first;
    private static Browser browser;
    private static Visitors visitors;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 2);
        first = Servers.http(lan.endpoint(1), "ep1", FlatLan.HTTP);
        Servers.http(lan.endpoint(2), "ep2", FlatLan.HTTP);
        Servers.udpEcho(lan.endpoint(1), "ep1", FlatLan.UDP);
        node = GatunNode.start(lan.lb(), directory);
        rule(FlatLan.VIP, "tcp", 80, FlatLan.HTTP, "shop/web", "\"probetype\":\"tcp\",\"probeIntervalMs\":100,");
        rule(UDP_VIP, "udp", 53, FlatLan.UDP, MARKUP, "");
        visitors = Visitors.start(lan.client(), FlatLan.VIP, UDP_VIP);
        browser = Browser.start(lan.lb(), directory.resolve("browser"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (visitors != null) {
            visitors.stop();
        }
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void open() throws Exception {
        browser.viewport(DESKTOP, 900);
        browser.colorScheme("light");
        browser.open("http://127.0.0.1:11111/");
        browser.await("document.querySelectorAll('tr.service').length === 2");
        browser.await("document.querySelector('#live-word').textContent === 'Live'");
    }

    @Test
    void whoIsActiveWithWhichServicesAndRatesThatMove() throws Exception {
        browser.await("document.querySelector('#role-word').textContent === 'Active'");
        assertEquals("answers for both VIPs", text("#role-text"));
        assertEquals(FlatLan.VIP, text("#vips tr:nth-child(1) th"));
        assertEquals("active", text("#vips tr:nth-child(1) td"));
        assertTrue(text("tr.service th").startsWith("tcp 192.168.80.200:80"), text("tr.service th"));
        browser.await(cell("tr.service", "2 up"));
        browser.await("document.querySelectorAll('tr.endpoint')[0].cells[3].textContent !== '0'");
        browser.await("document.querySelectorAll('tr.service')[1].cells[3].textContent !== '0'");
        browser.await(DRAWN);
        browser.await("/^Packets: now [1-9]/.test(document.querySelector('.chart').getAttribute('aria-label'))");

        lan.client().tryExec("curl", "-s", "--max-time", "5", "http://" + FlatLan.VIP + ":81/");
        browser.await("document.querySelector('#drops').textContent.includes('no_service')");
        assertEquals(List.of(), browser.console());
    }

    @Test
    void namesOfRulesAreTextAndNothingElseRuns() throws Exception {
        assertTrue(text("tbody.rule:last-of-type th").contains(MARKUP));
        assertEquals(
                0,
                browser.script("return document.querySelectorAll('main img, main b b').length")
                        .asInt());
        assertTrue(browser.script("""
                try { document.body.innerHTML = '<p>'; return false; } catch (refused) { return true; }""").asBoolean());
        assertTrue(browser.script("""
                const script = document.createElement('script');
                try { script.textContent = 'window.ran = true'; document.body.append(script); } catch (refused) {}
                try { document.body.setAttribute('onclick', 'window.ran = true'); } catch (refused) {}
                document.body.click();
                document.body.removeAttribute('onclick');
                return window.ran === undefined;""").asBoolean());
        browser.console(); // what the policy refused
    }

    @Test
    void anEndpointThatDiesIsShownWithoutAReload() throws Exception {
        browser.await(cell("tr.service", "2 up"));
        browser.await(DRAWN);
        browser.script("window.stillHere = true");
        long killedNs = System.nanoTime();
        first.kill9();
        browser.await(cell("tr.service", "1 of 2 up"));
        System.out.println("status page: a dead endpoint is shown "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs) + " ms later");
        assertTrue(text("tr.endpoint .state").startsWith("down"), text("tr.endpoint .state"));
        browser.await("/192.168.80.11:8080 .* is down/.test(document.querySelector('#events').textContent)");
        browser.await("document.querySelector('#spoken').textContent.includes('192.168.80.11:8080')");

        if (SECONDS > 0) {
            illustrate();
        }
        first = Servers.http(lan.endpoint(1), "ep1", FlatLan.HTTP);
        browser.await(cell("tr.service", "2 up"));
        assertTrue(browser.script("return window.stillHere").asBoolean());
    }

    @Test
    void aNodeThatGoesAwayIsNoticedAndFoundAgain() throws Exception {
        long startNs = System.nanoTime();
        assertEquals(0, node.terminate());
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        browser.await("!document.querySelector('#lost').hidden");
        assertTrue(text("#lost").startsWith("Connection lost at "), text("#lost"));
        assertEquals("Connection lost", text("#live-word"));
        System.out.println("status page: a stop while it was open took " + tookMs + " ms");
        node.restart();
        browser.await("document.querySelector('#lost').hidden");
        browser.await("document.querySelector('#live-word').textContent === 'Live'");
        browser.await("document.querySelectorAll('tr.service').length === 2");
        browser.console(); // connections that were refused meanwhile
    }

    @Test
    void aPhoneInTheDarkReadsItWithoutScrollingSideways() throws Exception {
        browser.await(DRAWN);
        for (String scheme : List.of("light", "dark")) {
            browser.colorScheme(scheme);
            for (int width : new int[] {PHONE, DESKTOP}) {
                browser.viewport(width, 800);
                assertEquals(
                        width,
                        browser.script("return Math.max(document.documentElement.scrollWidth, innerWidth)")
                                .asInt(),
                        () -> "something is wider than " + width);
                assertEquals("", browser.script(script("overflow.js")).asText(), "cells that stick out, at " + width);
                JsonNode worst = browser.script(script("contrast.js"));
                assertTrue(worst.get("ratio").asDouble() >= CONTRAST_MIN, () -> scheme + " at " + width + ": " + worst);
                System.out.printf(
                        "status page: least contrast in %s at %d: %.1f (%s)%n",
                        scheme,
                        width,
                        worst.get("ratio").asDouble(),
                        worst.get("text").asText());
                screenshot(scheme + "-" + width, width, scheme);
            }
        }
        assertEquals("dark", browser.script("""
                return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'""").asText());
        assertEquals(
                "rgb(18, 20, 23)",
                browser.script("return getComputedStyle(document.body).backgroundColor")
                        .asText());
    }

    @Test
    void theKeyboardReachesEverythingInOrderAndFocusIsSeen() throws Exception {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            browser.tab();
            JsonNode focus = browser.script("""
                    const at = document.activeElement;
                    const box = at.getBoundingClientRect();
                    const style = getComputedStyle(at);
                    return {name: at.id || at.className, top: box.top, outline: style.outlineStyle + style.outlineWidth};""");
            order.add(focus.get("name").asText());
            assertEquals("solid2px", focus.get("outline").asText(), focus::toString);
        }
        assertEquals(List.of("skip", "pause", "filter"), order);

        browser.script("document.querySelector('.skip').focus()");
        browser.await("document.querySelector('.skip').getBoundingClientRect().top >= 0");
        browser.script("document.querySelector('.skip').click()");
        browser.await("document.activeElement.id === 'services'");

        browser.script("""
                const filter = document.querySelector('#filter');
                filter.value = 'dns';
                filter.dispatchEvent(new Event('input'));""");
        browser.await("document.querySelectorAll('tr.service').length === 1");
        assertEquals("1 of 2", text("#services-note"));

        browser.script("document.querySelector('#pause').click()");
        assertEquals(
                "true",
                browser.script("return document.querySelector('#pause').getAttribute('aria-pressed')")
                        .asText());
        assertEquals("Paused", text("#live-word"));
    }

    @Test
    void tablesHaveHeadersAndTheLiveRegionIsSilentWhileRatesFlow() throws Exception {
        assertEquals("", browser.script("""
                const wrong = [];
                for (const table of document.querySelectorAll('table')) {
                  if (!table.querySelector('thead th[scope=col]')) wrong.push('a table without headers');
                }
                for (const row of document.querySelectorAll('tbody tr:has(td + td)')) {
                  if (!row.querySelector('th[scope]')) wrong.push(row.textContent);
                }
                for (const section of document.querySelectorAll('section')) {
                  if (!document.getElementById(section.getAttribute('aria-labelledby'))) wrong.push(section.id);
                }
                return wrong.join();""").asText());
        assertEquals(
                "en", browser.script("return document.documentElement.lang").asText());
        browser.script("""
                window.said = 0;
                window.drawn = 0;
                new MutationObserver(() => window.said++).observe(document.querySelector('#spoken'), {childList: true});
                new MutationObserver(() => window.drawn++).observe(document.querySelector('.peak'), {childList: true, subtree: true});""");
        browser.await("window.drawn >= 3");
        assertEquals(0, browser.script("return window.said").asInt());
    }

    /** Makes the picture for the README: a dead endpoint, drops, and charts that are full. */
    private static void illustrate() throws Exception {
        rule(UDP_VIP, "udp", 53, FlatLan.UDP, "shop/dns", "");
        browser.await(samples(SECONDS / 2), SECONDS + PATIENCE_S);
        for (int i = 0; i < 5; i++) {
            lan.client().tryExec("curl", "-s", "http://" + FlatLan.VIP + ":81/");
        }
        browser.await(samples(SECONDS), SECONDS + PATIENCE_S);
        screenshot("readme", DESKTOP, "light");
        rule(UDP_VIP, "udp", 53, FlatLan.UDP, MARKUP, "");
    }

    private static String samples(int count) {
        return "document.querySelector('.chart .one').getAttribute('d').match(/[ML]/g).length >= " + count;
    }

    /** That the state of the first such row says this. */
    private static String cell(String row, String says) {
        return "document.querySelector('" + row + " .state').textContent === '" + says + "'";
    }

    private static String text(String selector) throws Exception {
        return browser.script("return document.querySelector(arguments[0]).textContent", selector)
                .asText();
    }

    private static String script(String name) throws Exception {
        try (var file = StatusPageTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void screenshot(String name, int width, String scheme) throws Exception {
        browser.colorScheme(scheme);
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.screenshot(width));
    }

    private static void rule(String vip, String protocol, int port, int targetPort, String name, String more)
            throws Exception {
        String body = GatunNode.ruleJson(vip, protocol, port, GatunNode.ONE_ARM, targetPort, FlatLan.EP1, FlatLan.EP2);
        if (protocol.equals("udp")) {
            body = GatunNode.ruleJson(vip, protocol, port, GatunNode.ONE_ARM, targetPort, FlatLan.EP1);
        }
        Http.Answer answer = node.api(
                "POST",
                "/config/loadbalancer",
                body.replace("\"protocol\"", more + "\"name\":\"" + name + "\",\"protocol\""));
        assertEquals(200, answer.status(), answer.body());
        assertFalse(answer.body().isEmpty());
    }
}
