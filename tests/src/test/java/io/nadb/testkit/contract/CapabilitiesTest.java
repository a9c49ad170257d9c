package io.nadb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which tests of the contract are left out for whom, name by name. */
class CapabilitiesTest {

  @Test
  void theseTestsNeedABufferThatWritesWaitIn() {
    assertThat(StoreContract.testsThatNeed(Capability.BUFFER))
        .containsExactly(
            "aBlockedFlushHidesAndUndoesNothing()",
            "aClearThatCannotFlushWhatIsBufferedChangesNothing()",
            "aClearWhoseOwnCutFailsIsRetried()",
            "aDeletionInAFailedFlushEndsTheOldLife()",
            "aFailedFlushIsRetriedWithThisCause()",
            "aFailedFlushLosesNothing()",
            "aFlushThatIsUnderWayHidesNothing()",
            "aFullBufferFlushes()",
            "aFullBufferIsFlushedWhenSetReturns()",
            "aListenerThatHangsKeepsNoFlushAndNoSweepWaiting()",
            "aNegativeTimeoutDoesNotWait()",
            "aPartlyFilledBufferIsFlushedAtTheTickAndNotBefore()",
            "aSyncedWriteIsAFlushForItsDurability()",
            "aTickWithNothingToFlushIsNoFlush()",
            "aTimeoutMayBeForever()",
            "aTransactionAndAChangeAreMadeWhileNothingCanBeFlushed()",
            "aTransactionLargerThanTheBufferGoesThroughAsOneCut()",
            "aWaiterCanBeInterrupted()",
            "aWaiterGivesUpAfterItsTimeout()",
            "aWaiterIsReleasedWhenTheStoreCloses()",
            "aWaiterIsWokenByTheTimedFlush()",
            "aWaiterWaitsForItsOwnWriteOnly()",
            "aWaiterWhoseWriteTheClosingHasLostIsToldSo()",
            "anAbsentKeyIsAbsentAndDeletingItWritesNothing()",
            "anEntryAboveTheHardCapIsFlushedWhenSetReturns()",
            "anExplicitFlushThatFailsSaysSoAndKeepsEverything()",
            "bufferedAndFlushedKeysAreListedAsOne()",
            "clearIsOneCut()",
            "clearRemovesItsNamespaceAndNoOther()",
            "createdSurvivesAFlushThatIsRetriedMoreThanOnce()",
            "figuresBeginAtZeroAndCountWhatHappened()",
            "flushOffWaitsForSizeOrForACall()",
            "overwritingOneKeyDoesNotFillTheBuffer()",
            "theFiguresTellWhatSnapshotsCost()",
            "theIntervalFlushes()",
            "theLastCloseFlushes()",
            "theSweepLeavesAKeyThatWasSetAnew()",
            "theSweepRemovesWhatExpiredInTheBuffer()",
            "ticksAreCountedFromTheOpening()",
            "tinyEntriesFillTheBufferToo()",
            "whatAClearHasRemovedIsToldAlthoughItsFlushFailed()",
            "whatIsNewerWinsOverARetry()");
  }

  @Test
  void theseTestsNeedTransactions() {
    assertThat(StoreContract.testsThatNeed(Capability.TRANSACTIONS))
        .containsExactly(
            "aClockThatIsSetBackBringsNothingBackIntoATransaction()",
            "aConflictThatTheFunctionSwallowsIsAConflict()",
            "aDeletionThatHasLeftTheBufferIsNoticed()",
            "aFlushBetweenReadAndCommitIsNoConflict()",
            "aFunctionMustNotCommitItself()",
            "aFunctionRunsAgainIfWhatItReadHasChanged()",
            "aFunctionThatFailsOrRollsBackOnWhatHasChangedMeanwhileRunsAgain()",
            "aStoreThatIsClosedInAFunctionEndsIt()",
            "aTransactionAndAChangeAreMadeWhileNothingCanBeFlushed()",
            "aTransactionByHandLosesIfWhatItReadWasOverwrittenDeletedOrMade()",
            "aTransactionCountsForTheNamespacesThatItWritesTo()",
            "aTransactionIsLostWholeOrNotAtAll()",
            "aTransactionIsVisibleWhenItIsCommittedAndNotBefore()",
            "aTransactionLargerThanTheBufferGoesThroughAsOneCut()",
            "aTransactionMayHaveSeveralNamespaces()",
            "aTransactionOfAnotherStoreHasItsOwnFate()",
            "aTransactionOfSeveralNamespacesTellsEachItsOwn()",
            "aTransactionSeesItsOwnWrites()",
            "aTransactionTellsOfWhatItHasRemovedInTheEnd()",
            "aTransactionThatIsOverRefusesEverything()",
            "aTransactionThatWritesNothingTellsWhatItHasRead()",
            "aTtlBeginsAtTheCommit()",
            "anEntryThatIsOnlyLookedForCountsAsRead()",
            "clearingConflictsWithWhatWasRead()",
            "eightThreadsOnOneKeyAllGetThrough()",
            "noFunctionEverSeesAStateThatDidNotExist()",
            "ofTwoWhoReadWhatTheOtherWritesOneLoses()",
            "setAllKeepsWhatTheOptionsSay()",
            "setAllOfNothingWritesNothing()",
            "setAllOfWhatIsRefusedSetsNothing()",
            "setAllSetsAllAsTheOptionsSay()",
            "theConflictOfAnotherTransactionIsNotTriedAgain()",
            "theLastWordOnAKeyCounts()",
            "theRemovalsOfATransactionFollowEachOther()",
            "twoTransactionsOfOneThreadKnowNothingOfEachOther()",
            "valuesOfATransactionAreCopiedInAndOut()",
            "whatATransactionRefusesLeavesItAsItWas()",
            "whatExpiresBetweenReadAndCommitConflicts()",
            "whatHasExpiredIsNotSeenTogetherWithWhatCameLater()",
            "whatIsKeptIsThatOfTheEntryThatIsReplaced()",
            "whatIsReadLaterMayBeNewer()",
            "whatIsRolledBackLeavesNoTrace()",
            "whatWasNotReadConflictsWithNothing()",
            "whatWasOverwrittenAndFlushedSinceItWasReadConflicts()");
  }

  @Test
  void theseTestsNeedToBeToldWhatIsRemoved() {
    assertThat(StoreContract.testsThatNeed(Capability.REMOVALS))
        .containsExactly(
            "aListenerIsToldFromItsRegistrationToItsEnd()",
            "aListenerIsToldOfItsOwnNamespaceAlone()",
            "aListenerMayCloseTheStore()",
            "aListenerMayEndItself()",
            "aListenerMayUseTheStore()",
            "aListenerThatHangsKeepsNoFlushAndNoSweepWaiting()",
            "aRemovalThatACrashHasUndoneWasToldAllTheSame()",
            "aTransactionOfSeveralNamespacesTellsEachItsOwn()",
            "aTransactionTellsOfWhatItHasRemovedInTheEnd()",
            "aValueIsBroughtOnlyToWhoWantsIt()",
            "clearTellsOfEachEntryOfItsNamespace()",
            "closingAHandleEndsTheListenersThatCameByIt()",
            "removalsAreToldInTheOrderOfTheirSequenceNumbers()",
            "theRemovalsOfATransactionFollowEachOther()",
            "theSweepTellsOnceOfWhatHasExpired()",
            "whatAClearHasRemovedIsToldAlthoughItsFlushFailed()",
            "whatAListenerThrowsIsCountedAndKeepsNobodyFromBeingTold()",
            "whatHasExpiredWhileTheStoreWasClosedIsToldToWhoListensFromTheOpening()",
            "whatIsRemovedIsToldAsItWasSeenBefore()",
            "whatRemovesNothingTellsNothing()",
            "whateverDeletesAnEntryTellsOfIt()",
            "whateverReplacesAnEntryTellsOfTheOneBefore()",
            "whoeverMeetsAnExpiredEntryTellsThatItHasExpired()");
  }

  @Test
  void theseTestsNeedSnapshots() {
    assertThat(StoreContract.testsThatNeed(Capability.SNAPSHOTS))
        .containsExactly(
            "aClosedSnapshotRefusesEverything()",
            "aSnapshotAnswersAsOfItsMomentWhateverIsDone()",
            "aSnapshotIsOfAllNamespacesOfTheLocation()",
            "aSnapshotIsQueriedAsOfItsMoment()",
            "aStreamShowsOneMomentAndIsASnapshotUntilItEnds()",
            "aTransactionIsInASnapshotWholeOrNotAtAll()",
            "closingTheStoreClosesItsSnapshots()",
            "snapshotsOfManyMomentsEachAnswerAsOfTheirOwn()",
            "theFiguresTellWhatSnapshotsCost()",
            "whatASnapshotRefusesIsRefusedAsByTheStore()",
            "whatHadExpiredIsNotThereAndWhatExpiresLaterIs()");
  }

  @Test
  void theseTestsNeedQueriesForAnything() {
    assertThat(StoreContract.testsThatNeed(Capability.QUERIES))
        .containsExactly(
            "aPageEndsBetweenKeysThatLieNextToEachOther()",
            "aQueryAnswersAsAPlainLookAtEachEntryDoes()",
            "aSnapshotIsQueriedAsOfItsMoment()",
            "anAnswerMayComeInAnyOrder()",
            "pagesFollowEachOtherInAnyOrder()",
            "tagsMayBeJoinedInAnyWay()");
  }

  @Test
  void theseTestsNeedWhatABackendMayLack() {
    assertThat(StoreContract.testsThatNeed(Capability.CRASH_SAFETY))
        .containsExactly(
            "aKillTakesTheBufferOnly()",
            "aPowerCutTakesTheBufferOnly()",
            "aRemovalThatACrashHasUndoneWasToldAllTheSame()",
            "aTornFlushLeavesNothingOfItself()",
            "aTransactionIsLostWholeOrNotAtAll()");
    assertThat(StoreContract.testsThatNeed(Capability.OPACITY))
        .containsExactly(
            "aClockThatIsSetBackBringsNothingBackIntoATransaction()",
            "aDeletionThatHasLeftTheBufferIsNoticed()",
            "noFunctionEverSeesAStateThatDidNotExist()",
            "whatHasExpiredIsNotSeenTogetherWithWhatCameLater()");
    assertThat(StoreContract.testsThatNeed(Capability.BUFFERED_CHANGES))
        .containsExactly("aTransactionAndAChangeAreMadeWhileNothingCanBeFlushed()");
    assertThat(StoreContract.testsThatNeed(Capability.PERSISTENCE))
        .containsExactly(
            "aNamespaceGoesOnWhenTheProcessHasBeenRestarted()",
            "everythingIsThereAfterAStop()",
            "whatHasExpiredWhileTheStoreWasClosedIsToldToWhoListensFromTheOpening()");
    assertThat(StoreContract.testsThatNeed(Capability.DURABILITY))
        .containsExactly("aSyncedWriteIsAFlushForItsDurability()");
    assertThat(StoreContract.testsThatNeed(Capability.KEY_COUNT))
        .containsExactly("sweepOffRemovesNothingByItself()");
    assertThat(StoreContract.testsThatNeed(Capability.SWEPT_EXPIRY))
        .containsExactly(
            "cleanupActsOnItsOwnNamespaceOnly()",
            "cleanupRemovesAnExpiredOverwriteTogetherWithWhatItCovers()",
            "cleanupTellsHowManyItRemoved()",
            "createdSurvivesAnOverwriteJustBeforeExpiry()",
            "sweepOffRemovesNothingByItself()",
            "theSweepLeavesAKeyThatWasSetAnew()");
  }
}
