package io.gatun.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.report.Better;
import io.gatun.bench.report.CaseResult;
import io.gatun.bench.report.Environment;
import io.gatun.bench.report.Results;
import io.gatun.bench.report.Spread;
import io.gatun.bench.report.Subject;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final Pattern IMAGE = Pattern.compile("alt=\"([^\"]*)\" src=\"data:image/png;base64,([^\"]*)\"");
    private static final Environment ENVIRONMENT = new Environment(
            "2026-01-01T00:00:00Z", "0123456789ab", "6.1", "a <CPU>", 2, 4_096, "25", List.of("gro"), 0.1);

    @BeforeAll
    static void noScreenIsNeeded() {
        System.setProperty("java.awt.headless", "true");
    }

    @Test
    void aPageHasTablesAndPlotsAndNeedsNothingElse() throws Exception {
        CaseResult result = CaseResult.of("forward")
                .plan("windowMs", 700)
                .subject("gatun", Subject.Kind.OURS, "sleeps", "")
                .figure("best received", "packets/s", Better.HIGHER, Spread.of(700_000, 800_000, 900_000))
                .figure("at 500 kpps, offered", "packets/s", Better.NEITHER, Spread.of(500_000, 500_000, 500_000))
                .figure("at 500 kpps, received", "packets/s", Better.NEITHER, Spread.of(400_000, 500_000, 500_000))
                .subject("nftables", Subject.Kind.PEER, "GRO on", "")
                .figure("best received", "packets/s", Better.HIGHER, Spread.of(400_000, 410_000, 420_000))
                .ratio("gatun", "nftables")
                .figure("best received", "1", Better.HIGHER, Spread.of(1.5, 1.95, 2.2))
                .detail("delays of gatun, ns by percentile", new TreeMap<>(Map.of(50.0, 20_000.0, 99.9, 90_000.0)))
                .build();
        String html = Page.html(Results.of(ENVIRONMENT, List.of(result)));
        assertTrue(html.contains("a &lt;CPU&gt;"), html);
        assertTrue(html.contains("1.950 (1.500-2.200)"), html);
        assertTrue(html.indexOf("gatun / nftables") < html.indexOf("800,000 (700,000-900,000)"), html);
        assertFalse(html.contains("http"), "something is fetched");
        List<MatchResult> images = IMAGE.matcher(html).results().toList();
        assertEquals(
                List.of("all ratios", "forward, received over offered", "forward, delays", "forward, best received"),
                images.stream().map(each -> each.group(1)).toList());
        for (MatchResult image : images) {
            byte[] png = Base64.getDecoder().decode(image.group(2));
            assertEquals(
                    Charts.WIDTH, ImageIO.read(new ByteArrayInputStream(png)).getWidth());
        }
    }
}
