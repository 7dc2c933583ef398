import Glibc
import HandprobeTCP
import HandprobeTestKit
import HandprobeWire
import Testing

/// `handprobe close` against servers that people run.
@Suite(.blocks, Needs.namespaces)
struct RealServerTests {
    @Test(Needs.program("nginx"), arguments: bothFamilies)
    func nginxAnswersAndCloses(family: IPAddress.Family) throws {
        let scene = try Scene(try Testbed.veth(), family, nil, port: 8080)
        let folder = try TemporaryFolder()
        try folder.write(
            "nginx.conf",
            """
            daemon off; master_process off; user root; pid \(folder.path)/pid; error_log \(folder.path)/error.log;
            events {}
            http {
                access_log off;
                client_body_temp_path \(folder.path); proxy_temp_path \(folder.path); fastcgi_temp_path \(folder.path);
                uwsgi_temp_path \(folder.path); scgi_temp_path \(folder.path);
                server { listen \(scene.target); location / { return 200 "hello\\n"; } }
            }
            """
        )
        let nginx = try Subprocess("nginx", ["-c", "\(folder.path)/nginx.conf", "-p", folder.path], in: scene.peer)
        defer { nginx.signal(SIGTERM) }
        try waitUntil("nginx listens") {
            try SocketTable.read(in: scene.peer).rows(port: 8080).contains { $0.state == .listen }
        }
        let run = try scene.run("close", "--http")
        #expect(run.exitCode == 0, "\(run.stdout)\(nginx.text(.stderr))")
        #expect(run.conclusion.contains("closed "), "\(run.stdout)")
        let answer = String(decoding: scene.theirs.flatMap(\.payload), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("hello\n"))
        let request = String(decoding: scene.ours.flatMap(\.payload), as: UTF8.self)
        let host = family == .v4 ? "10.77.0.2" : "[fd77::2]"
        #expect(request.contains("Host: \(host):8080\r\n"), "\(request)")
        try scene.expectGoodManners(run)
    }

    @Test(Needs.program("nc"), arguments: [[], ["-N"]])
    func netcatIsAPeer(options: [String]) throws {
        let scene = try Scene(try Testbed.veth(), .v4, nil, port: 8080)
        let address = scene.target.address.description
        let netcat = try Subprocess("nc", ["-l"] + options + [address, "8080"], stdin: "hello\n", in: scene.peer)
        try waitUntil("netcat listens") {
            try SocketTable.read(in: scene.peer).rows(port: 8080).contains { $0.state == .listen }
        }
        let run = try scene.run("close", "--send", "hello yourself\\n")
        #expect(run.exitCode == 0, "\(run.stdout)")
        #expect(try netcat.wait().stdout == "hello yourself\n")
        #expect(String(decoding: scene.theirs.flatMap(\.payload), as: UTF8.self) == "hello\n")
        try scene.expectGoodManners(run)
    }
}
