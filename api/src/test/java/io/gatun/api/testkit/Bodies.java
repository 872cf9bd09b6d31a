package io.gatun.api.testkit;

/** What clients send, to the letter (contract sections 1.3 and 2.1). */
public final class Bodies {
    /** kube-loxilb 3d62e04. */
    public static final String KUBE_LOXILB = """
            {"serviceArguments":{
              "externalIP":"192.168.80.200","privateIP":"","port":80,"protocol":"tcp",
              "sel":0,"mode":0,"BGP":false,"Monitor":false,"inactiveTimeOut":1800,"block":0,
              "managed":true,"probetype":"","probeport":0,"probereq":"","proberesp":"",
              "path_prefix":"","backend_protocol":"","path_match_mode":"","mtls_frontend":null,
              "name":"default_web:llb-inst0"},
             "secondaryIPs":[], "allowedSources":[],
             "endpoints":[{"endpointIP":"192.168.80.101","targetPort":31234,"weight":1,"state":"","counter":""}]}
            """;

    /** loxicmd f05d13e: null arrays, endpoints in random order, no inactiveTimeOut. */
    public static final String LOXICMD = """
            {"serviceArguments":{"externalIP":"192.168.80.200","port":80,"protocol":"tcp","sel":0,"mode":1,
              "BGP":false,"Monitor":true,"inactiveTimeOut":0,"block":0,"managed":false,"name":"","snat":false,
              "oper":0,"security":0,"host":"","proxyprotocolv2":false,"egress":false},
             "secondaryIPs":null,"allowedSources":null,
             "endpoints":[{"endpointIP":"192.168.80.12","targetPort":8080,"weight":1,"state":"","counter":""},
                          {"endpointIP":"192.168.81.11","targetPort":8080,"weight":2,"state":"","counter":""},
                          {"endpointIP":"192.168.80.11","targetPort":8080,"weight":1,"state":"","counter":""}]}
            """;

    private Bodies() {}

    /** A rule with one thing different: replaces the first {@code from}, which must be there. */
    public static String with(String from, String to) {
        if (!LOXICMD.contains(from)) {
            throw new IllegalArgumentException(from);
        }
        return LOXICMD.replaceFirst(java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to));
    }
}
