/// Labels beside points: each as near to its point as can be without covering another, in the same order.
enum LabelSpread {
    /// The upper edges of labels of the given heights whose points are at `points`, none above `top`; a label that has its
    /// way begins `rise` above its point.
    ///
    /// Labels that would meet are joined to a pile, and a pile stands where the mean of its labels wants to be.
    static func tops(points: [Int], heights: [Int], rise: Int, top: Int) -> [Int] {
        struct Pile {
            var count: Int
            var height: Int
            /// Where the pile would have its upper edge if each label had its way, summed over the labels.
            var wishes: Int
            var edge: Int { wishes / count }
        }
        var piles: [Pile] = []
        for (point, height) in zip(points, heights) {
            var pile = Pile(count: 1, height: height, wishes: max(top, point - rise))
            while let above = piles.last, above.edge + above.height > pile.edge {
                piles.removeLast()
                pile.wishes = above.wishes + pile.wishes - above.height * pile.count
                pile.count += above.count
                pile.height += above.height
            }
            pile.wishes = max(pile.wishes, top * pile.count)
            piles.append(pile)
        }
        var tops: [Int] = []
        var index = 0
        for pile in piles {
            var edge = pile.edge
            for _ in 0..<pile.count {
                tops.append(edge)
                edge += heights[index]
                index += 1
            }
        }
        return tops
    }
}
