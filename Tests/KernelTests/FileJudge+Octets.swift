import HandprobeReport

extension FileJudge {
    /// Takes a whole pcapng file; returns what is wrong with it.
    func takeFile(_ octets: [UInt8]) -> PCAPNGError? {
        var reader = PCAPNGReader()
        reader.append(octets)
        do throws(PCAPNGError) {
            while let block = try reader.next() { take(block) }
        } catch {
            return error
        }
        end()
        return reader.end()
    }
}
