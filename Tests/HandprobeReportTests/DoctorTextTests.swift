import HandprobeReport
import Testing

@Suite struct DoctorTextTests {
    private let rows = [
        DoctorRow(name: "privilege", status: .ok, detail: "CAP_NET_RAW is held"),
        DoctorRow(
            name: "guard filter", status: .warning, detail: "the kernel refuses SO_ATTACH_FILTER: needs CAP_NET_ADMIN",
            advice: "nothing needs to be done while another guard holds"),
        DoctorRow(
            name: "capture", status: .failed, detail: "1,000 frames sent on lo, 904 captured",
            advice: "close other captures on this machine, then run `handprobe doctor` again and look at the figures"),
        DoctorRow(name: "route", status: .skipped, detail: "no host given"),
    ]

    @Test func rowsWithAdvice() throws {
        try Golden.expect(DoctorText.lines(rows, style: TextStyle(width: 80)), "doctor-80")
        try Golden.expect(DoctorText.lines(rows, style: TextStyle(width: 50, unicode: false)), "doctor-50-ascii")
    }

    @Test func quietShowsFailuresOnly() {
        let lines = DoctorText.lines(rows, style: TextStyle(width: 200, verbosity: .quiet))
        #expect(lines.first == "failed   capture  1,000 frames sent on lo, 904 captured")
        #expect(lines.count == 2)
    }
}
